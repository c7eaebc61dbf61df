import { stringify } from "qs";
import type { Raw } from "./description.ts";

/**
 * Whether OpenAPI defines no text for a value: in `deepObject` it knows objects with scalar members only, "the representation of array or
 * object properties is not defined" (OAS 3.1.1 §4.8.12.3), and an array is "n/a", which is undefined (§4.8.12.4).
 *
 * @param declared A parameter, or the encoding of a body's property.
 */
export function isLeftOpen(declared: Raw | undefined, value: unknown): boolean {
  if (declared?.["style"] !== "deepObject" || !isCompound(value)) return false;
  return Array.isArray(value) || Object.values(value).some(isCompound);
}

/**
 * What `qs` writes of a value that OpenAPI leaves open, percent-encoded by RFC 3986.
 *
 *     expand, ["customer"]                        →  expand%5B%5D=customer
 *     items, [{ price: "p1" }, { price: "p2" }]   →  items%5B0%5D%5Bprice%5D=p1&items%5B1%5D%5Bprice%5D=p2
 *
 * `arrayFormat: "brackets"` is how the vendor whose description has nearly all of these values documents its lists: `expand[]=customer`
 * (https://docs.stripe.com/api/expanding_objects), which PHP, Rack and qs read alike. Its lists of objects it numbers, `items[0][price]=p1`
 * (https://docs.stripe.com/api/subscriptions/create): without numbers no reader could tell where an object ends. `qs` writes that of an
 * object whose keys are the numbers, which its `filter` makes of such a list. `null` is sent nowhere (RFC 6570 §2.3: it is undefined).
 */
export function bracketText(name: string, value: unknown): string {
  return stringify(
    { [name]: value },
    {
      arrayFormat: "brackets",
      skipNulls: true,
      filter: (_: string, one: unknown) =>
        Array.isArray(one) && one.some(isCompound) ? { ...(one as unknown[]) } : one,
    },
  );
}

function isCompound(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
