import { Problem } from "../problem.ts";

/** An argument that cannot be sent, said so that the model can mend it. */
export function invalidArgument(argument: string, message: string): Problem {
  return new Problem("invalid_arguments", `${argument}: ${message}.`, { arguments: [{ argument, message }] });
}
