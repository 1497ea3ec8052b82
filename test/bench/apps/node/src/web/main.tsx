import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Link, Route, Routes, useParams } from "react-router-dom";

type Parcel = { id: string; grams: number };

function useParcels(): Parcel[] {
  const [parcels, setParcels] = useState<Parcel[]>([]);
  useEffect(() => {
    fetch("/api/parcels")
      .then((response) => response.json())
      .then(setParcels);
  }, []);
  return parcels;
}

function List() {
  const parcels = useParcels();
  return (
    <ul>
      {parcels.map((p) => (
        <li key={p.id}>
          <Link to={`/parcels/${p.id}`}>{p.id}</Link>
        </li>
      ))}
    </ul>
  );
}

function Detail() {
  const { id } = useParams();
  const parcel = useParcels().find((p) => p.id === id);
  return <p>{parcel ? `${parcel.grams} g` : "No such parcel"}</p>;
}

createRoot(document.getElementById("root")!).render(
  <BrowserRouter>
    <Routes>
      <Route path="/" element={<List />} />
      <Route path="/parcels/:id" element={<Detail />} />
    </Routes>
  </BrowserRouter>,
);
