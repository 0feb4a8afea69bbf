import axios from "axios";

export const API_URL = import.meta.env.VITE_API_URL ?? "/api";

export const client = axios.create({ baseURL: API_URL, timeout: 10_000 });

export const versioned = axios.create({ baseURL: `${API_URL}/v2` });
