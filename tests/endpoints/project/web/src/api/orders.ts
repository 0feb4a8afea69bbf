import { client } from "@/api/client";
import type { Order } from "@/api/types";

export const orders = {
  list: () => client.get<Order[]>("/orders/"), // -> GET /api/orders/
  page: (page: number) => client.get<Order[]>(`/orders/?page=${page}`), // -> GET /api/orders/?page=1
  one: (id: number) => client.get<Order>(`/orders/${id}/`), // -> GET /api/orders/1/
  create: (order: Partial<Order>) => client.post("/orders/", order), // -> POST /api/orders/
  change: (id: number, order: Partial<Order>) => client.patch(`/orders/${id}/`, order), // -> PATCH /api/orders/1/
  replace: (id: number, order: Order) => client.put("/orders/" + id + "/", order), // -> PUT /api/orders/1/
  remove: (id: number) => client.delete(`/orders/${id}/`), // -> DELETE /api/orders/2/
  removeAll: () => client.delete("/orders/"), // -> DELETE /api/orders/
  open: () => client.get("/orders/open/"), // -> GET /api/orders/open/
  openAgain: () => client.post("/orders/open/"), // -> POST /api/orders/open/
  close: (id: number) => client.post(`/orders/${id}/close-now/`), // -> POST /api/orders/1/close-now/
  closeByName: (id: number) => client.post(`/orders/${id}/close/`), // -> POST /api/orders/1/close/
  archive: (id: number) => client.post(`/orders/${id}/archive/`), // -> POST /api/orders/1/archive/
  isArchived: (id: number) => client.get(`/orders/${id}/archive/`), // -> GET /api/orders/1/archive/
  note: (id: number) => client.get(`/orders/${id}/note/`), // -> GET /api/orders/1/note/
  clearNote: (id: number) => client.delete(`/orders/${id}/note/`), // -> DELETE /api/orders/1/note/
  setNote: (id: number, text: string) => client.put(`/orders/${id}/note/`, { text }), // -> PUT /api/orders/1/note/
  inState: (state: string) => client.get(`/orders/by-state/${state}/`), // -> GET /api/orders/by-state/open/
  refund: (id: number) => client.post(`/orders/${id}/refund/`), // -> POST /api/orders/1/refund/
};
