/** What @convenant/app-insurer offers to other projects. */

export {};
