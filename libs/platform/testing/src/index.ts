/** What @convenant/testing offers to other projects. */

export {};
