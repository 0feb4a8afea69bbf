import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import axios from "axios";

export function Reports({ year }: { year: number }) {
  const [tags, setTags] = useState<string[]>([]);
  const { data, isLoading, error } = useQuery({
    queryKey: ["report", year],
    queryFn: () => axios.get(`/api/reports/${year}/`), // -> GET /api/reports/2024/
  });

  useEffect(() => {
    const controller = new AbortController();
    fetch("/api/tags", { signal: controller.signal }) // -> GET /api/tags
      .then((answer) => answer.json())
      .then(setTags);
    return () => controller.abort();
  }, []);

  async function search(words: string) {
    const answer = await fetch(`/api/search?q=${words}`); // -> GET /api/search?q=a
    return answer.json();
  }

  async function addTag(name: string) {
    await fetch("/api/tags", { method: "POST", body: name }); // -> POST /api/tags
  }

  async function monthly(month: string) {
    return axios.get(`/api/reports/${year}/${month}/`); // -> GET /api/reports/2024/05/
  }

  if (isLoading) return <p>Loading</p>;
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <section>
      <p>{tags.join(", ")}</p>
      <pre>{JSON.stringify(data)}</pre>
      <button onClick={() => search("a")}>Search</button>
      <button onClick={() => addTag("new")}>Tag</button>
      <button onClick={() => monthly("05")}>Month</button>
    </section>
  );
}
