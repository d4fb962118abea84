/** What @convenant/mental-health-service offers to other projects. */

export {};
