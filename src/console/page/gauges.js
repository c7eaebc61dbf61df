import { bar } from "./cards.js";
import { element } from "./dom.js";

/** How much of each limit is used, now. */
export function gauges(readings) {
  if (readings.length === 0) return [element("p", { class: "quiet" }, "This API has none.")];
  return readings.map(({ name, used, limit }) =>
    element(
      "div",
      {
        class: used >= limit ? "gauge full" : "gauge",
        role: "meter",
        "aria-label": name,
        "aria-valuenow": used,
        "aria-valuemin": 0,
        "aria-valuemax": limit,
      },
      element("span", {}, name),
      element("span", { class: "figure" }, `${used} of ${limit}`),
      bar(used / limit),
    ),
  );
}
