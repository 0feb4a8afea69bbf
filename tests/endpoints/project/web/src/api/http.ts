import { client } from "@/api/client";

/** What every service of ours does with the network. */
export abstract class HttpService {
  constructor(private readonly root: string) {}

  protected get(path: string) {
    return client.get(`${this.root}${path}`).then((answer) => answer.data);
  }

  protected post(path: string, data?: object) {
    return client.post(`${this.root}${path}`, data);
  }

  protected remove(path: string) {
    return client.delete(`${this.root}${path}`);
  }
}

export async function request(path: string, options: { method?: string; body?: string } = {}) {
  const answer = await fetch(`/api${path}`, { method: options.method ?? "GET", body: options.body });
  return answer.json();
}
