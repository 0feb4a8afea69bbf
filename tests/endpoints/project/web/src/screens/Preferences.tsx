const TOTALS = "/api/totals/"; // -> GET /api/totals/

export function Preferences() {
  const save = (form: FormData) =>
    fetch("/api/preferences/", { method: "PUT", body: form }); // -> PUT /api/preferences/
  const patch = (form: FormData) =>
    fetch("/api/preferences/", { method: "PATCH", body: form }); // -> PATCH /api/preferences/
  const upload = (form: FormData) =>
    fetch("/api/upload/", { method: "POST", body: form }); // -> POST /api/upload/
  const stored = () => fetch("/api/upload/"); // -> GET /api/upload/
  const totals = () => fetch(TOTALS);
  const weather = () => fetch("https://weather.example/api/today/");
  return (
    <form action={save}>
      <button formAction={patch}>Change</button>
      <button formAction={upload}>Upload</button>
      <button type="button" onClick={stored}>Stored</button>
      <button type="button" onClick={totals}>Totals</button>
      <button type="button" onClick={weather}>Weather</button>
    </form>
  );
}
