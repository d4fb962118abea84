/** What integration tests need around them: a fresh database on a real server that starts with the run and goes with it. */
export { testDatabase } from '@convenant/event-store-postgres';
export type { TestDatabase } from '@convenant/event-store-postgres';
