// The pure heart of the client: what it knows, how that becomes what the server knows, and what waits to be sent.
// Synchronous, without I/O and without a clock.

export { compareIds } from './ids';
export { type Draft, type DraftFile, Outbox, type Refused, type Status } from './outbox';
export { State } from './state';
export type * from './types';
