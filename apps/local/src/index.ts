/** What @convenant/app-local offers to other projects. */

export {};
