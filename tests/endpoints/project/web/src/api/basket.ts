import { versioned } from "@/api/client";
import { request } from "@/api/http";

export const basket = () => request("/basket/"); // -> GET /api/basket/
export const fill = (body: string) => request("/basket/", { method: "POST", body }); // -> POST /api/basket/
export const empty = () => request("/basket/", { method: "DELETE" }); // -> DELETE /api/basket/
export const coupons = () => request("/basket/coupons/"); // -> GET /api/basket/coupons/

export const stock = () => versioned.get("/stock/"); // -> GET /api/v2/stock/
export const stockOf = (sku: string) => versioned.get(`/stock/${encodeURIComponent(sku)}/`); // -> GET /api/v2/stock/ab-1/
export const order = (sku: string) => versioned.post(`/stock/${sku}/`); // -> POST /api/v2/stock/ab-1/
export const shelves = () => versioned.get("/shelves/"); // -> GET /api/v2/shelves/
