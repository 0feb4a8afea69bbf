import { client } from "./client";
import { ENDPOINTS } from "./endpoints";

export const login = (name: string) => client.post(ENDPOINTS.login, { name });
export const logout = () => client.post(ENDPOINTS.logout);
export const people = () => client.get(ENDPOINTS.people.list);
export const me = () => client.get(ENDPOINTS.people.me);
export const removePerson = (id: number) => client.delete(ENDPOINTS.people.one(id));
export const badges = (id: number) => client.get(ENDPOINTS.people.badges(id));

export const removeMe = () => client.delete("/people/me/"); // -> DELETE /api/people/me/
export const renameMe = (name: string) => client.put("/people/me/", { name }); // -> PUT /api/people/me/
