// All that the rest of the client sees of sync: hooks that show the state, actions that change it, and the plain API.

import type { Actions, Api } from './contract';
import { sync } from './instance';

export type * from './contract';
export * from './hooks';
export { start, stop } from './instance';
export { isOffline, isRefusal } from './refusal';

/** Everything that can be asked of sync. */
export const actions: Actions = new Proxy({} as Actions, {
  get: (_target, name: keyof Actions) => sync().actions[name],
});

/** The REST API, for what is not synced. */
export const api: Api = {
  get: (path, query, signal) => sync().rest.get(path, query, signal),
  post: (path, body) => sync().rest.post(path, body),
  put: (path, body) => sync().rest.put(path, body),
  delete: (path) => sync().rest.delete(path),
  file: (path) => sync().rest.file(path),
};
