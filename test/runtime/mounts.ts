import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this process may mount file systems: root in a container that lets it. Otherwise what needs one is left out, loudly. */
export const mayMount = canMount();
if (!mayMount)
  console.warn("NOT TESTED: file systems that are read-only, full or busy, since nothing may be mounted here");

function mount(...words: readonly string[]): void {
  execFileSync("mount", [...words], { stdio: "pipe" });
}

function unmount(path: string): void {
  execFileSync("umount", ["--lazy", path], { stdio: "pipe" });
}

function canMount(): boolean {
  if (process.platform !== "linux") return false;
  const folder = mkdtempSync(join(tmpdir(), "toolwright-mount-"));
  try {
    mount("-t", "tmpfs", "-o", "size=64k", "toolwright-test", folder);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file system of its own, in memory. Unmount it, whatever comes. */
export function mountDisk(size = "8m") {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-disk-"));
  mount("-t", "tmpfs", "-o", `size=${size},mode=0700`, "toolwright-test", folder);
  return {
    folder,
    readOnly: () => mount("-o", "remount,ro", folder),
    writable: () => mount("-o", "remount,rw", folder),
    unmount() {
      unmount(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Mounts a single file over itself, as a container does that is given one. */
export function mountFile(path: string): { readonly unmount: () => void } {
  mount("--bind", path, path);
  return { unmount: () => unmount(path) };
}
