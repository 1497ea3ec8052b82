export default function Page() {
  return <p className="text-teal-700">High water is at 06:12.</p>;
}
