export default function Tides() {
  return <p>High water is at {new Date().getHours()}:12.</p>
}
