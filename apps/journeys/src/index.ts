/** What @convenant/app-journeys offers to other projects. */

export {};
