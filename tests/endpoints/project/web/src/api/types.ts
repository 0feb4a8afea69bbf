export interface Order {
  id: number;
  customer: number;
  state: string;
}
