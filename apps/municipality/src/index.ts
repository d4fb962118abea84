/** What @convenant/app-municipality offers to other projects. */

export {};
