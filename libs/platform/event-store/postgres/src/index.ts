/** What @convenant/event-store-postgres offers to other projects. */

export {};
