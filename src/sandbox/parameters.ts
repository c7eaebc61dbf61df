/** The parameters of a request, read as what their schemas say. */
export interface Parameters {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Arguments of a GraphQL field. */
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A parameter, or a field of the body, has the right type and a value that the vendor refuses. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

/** Whether a switch is on: `true`, in whatever case, or 1. */
export function isOn(value: unknown): boolean {
  return value === true || /^(true|1)$/i.test(String(value));
}
