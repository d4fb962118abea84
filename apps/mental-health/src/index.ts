/** What @convenant/app-mental-health offers to other projects. */

export {};
