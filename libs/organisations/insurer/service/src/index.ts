/** What @convenant/insurer-service offers to other projects. */

export {};
