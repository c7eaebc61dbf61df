/** `application/json`, what is built on it (RFC 6839: `application/problem+json; charset=utf-8`), and ranges that include JSON. */
export function isJson(contentType: string): boolean {
  return /^(?:application\/json|[^/]+\/[^/]+\+json|text\/json|application\/\*|\*\/\*)$/.test(essence(contentType));
}

/** A media type without its parameters, in lower case. */
export function essence(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/** Types of files that vendors show in their own pages; everything else is bytes. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  csv: "text/csv",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  gif: "image/gif",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  log: "text/plain",
  md: "text/markdown",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  svg: "image/svg+xml",
  txt: "text/plain",
  webp: "image/webp",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  zip: "application/zip",
};

/** The media type of a file, by its name. */
export function typeOfFile(name: string): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(BY_EXTENSION, extension) && BY_EXTENSION[extension]) || "application/octet-stream";
}
