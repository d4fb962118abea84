/** What @convenant/app-uwv offers to other projects. */

export {};
