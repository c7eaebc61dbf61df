import { helpForFile, whyUnusable } from "../load/file-fault.ts";
import { locked } from "../state-files/lock.ts";
import { readStateFile, versionOf, writeStateFile } from "./state-file.ts";
import type { CredentialStore } from "./store.ts";
import { warnOnce } from "../warn.ts";
import { removeWhole } from "../state-files/whole-file.ts";

/** Keeps a credential in a file, which all processes of this machine share. */
export function fileStore(file: string): CredentialStore {
  return {
    async look(known) {
      const version = versionOf(file);
      if (version === known) return "same";
      return { version, stored: version === undefined ? undefined : readStateFile(file) };
    },
    async write(stored) {
      try {
        writeStateFile(file, stored);
        return versionOf(file);
      } catch (error) {
        const help = helpForFile(error);
        warnOnce(
          `${file} cannot be written: it ${whyUnusable(error)}. The credential is lost when this process ends; ${help}`,
        );
        return undefined;
      }
    },
    remove: async () => removeWhole(file),
    locked: async (work) => await locked(`${file}.lock`, work),
  };
}
