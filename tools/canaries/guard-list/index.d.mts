/** Types of index.mjs, for the tests. */
import type { Guard, LaterGuard } from '../guards.mjs';
export const guards: readonly (Guard | LaterGuard)[];
