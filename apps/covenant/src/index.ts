/** What @convenant/app-covenant offers to other projects. */

export {};
