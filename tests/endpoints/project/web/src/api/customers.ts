import { HttpService } from "./http";

class CustomerService extends HttpService {
  constructor() {
    super("/customers");
  }

  list() {
    return this.get("/"); // -> GET /api/customers/
  }

  one(id: string) {
    return this.get(`/${id}/`); // -> GET /api/customers/1/
  }

  create(name: string) {
    return this.post("/", { name }); // -> POST /api/customers/
  }

  drop(id: string) {
    return this.remove(`/${id}/`); // -> DELETE /api/customers/1/
  }

  invoices(id: string) {
    return this.get(`/${id}/invoices/`); // -> GET /api/customers/1/invoices/
  }
}

export const customers = new CustomerService();
