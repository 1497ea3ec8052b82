import { createRoot } from "react-dom/client";

createRoot(document.getElementById("root")).render(<h1>Orders at {location.pathname}</h1>);
