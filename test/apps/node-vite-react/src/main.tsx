import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import Tides from './Tides.tsx'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Tides />
  </StrictMode>,
)
