export const ENDPOINTS = {
  login: "/auth/login/", // -> POST /api/auth/login/
  logout: "/auth/logout/", // -> POST /api/auth/logout/
  people: {
    list: "/people/", // -> GET /api/people/
    me: "/people/me/", // -> GET /api/people/me/
    one: (id: number) => `/people/${id}/`, // -> DELETE /api/people/1/
    badges: (id: number) => `/people/${id}/badges/`, // -> GET /api/people/1/badges/
  },
} as const;
