/** What @convenant/uwv-service offers to other projects. */

export {};
