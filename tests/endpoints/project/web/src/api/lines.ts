import { createApi, fetchBaseQuery } from "@reduxjs/toolkit/query/react";

export const linesApi = createApi({
  reducerPath: "lines",
  baseQuery: fetchBaseQuery({ baseUrl: "/api" }),
  endpoints: (builder) => ({
    lines: builder.query<unknown[], void>({
      query: () => "/lines/", // -> GET /api/lines/
    }),
    addLine: builder.mutation<unknown, object>({
      query: (body) => ({ url: "/lines/", method: "POST", body }), // -> POST /api/lines/
    }),
    dropLine: builder.mutation<void, number>({
      query: (id) => ({ url: `/lines/${id}/`, method: "DELETE" }), // -> DELETE /api/lines/1/
    }),
  }),
});
