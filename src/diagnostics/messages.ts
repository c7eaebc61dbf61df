/** Every message of the generator: one function a code, named as the code. docs/diagnostics.md lists them. */
export {
  fileNotFound,
  fileOutsideProject,
  fileTooLarge,
  fileUnreadable,
  syntaxError,
  unknownFileKind,
  yamlAliasLimit,
} from "./messages/file.ts";
export {
  duplicateOperationId,
  duplicateParameter,
  illegalType,
  malformedSpec,
  missingPathParameter,
  notASpec,
  parameterWithoutSchema,
  refLoop,
  refNotASpecFile,
  refNotFound,
  refOutsideProject,
  refRemote,
  unsupportedSpecVersion,
} from "./messages/spec.ts";
export { invalidSetting, noApis, toolsFileNotFound, unquotedVariable } from "./messages/tools-file.ts";
export type { SettingProblem } from "./messages/tools-file.ts";
export {
  annotationNeedsReason,
  becauseNotNeeded,
  duplicateToolName,
  invalidToolName,
  longDescription,
  longInstructions,
  manyTools,
  missingDescription,
  missingExampleArgument,
  mixedEffects,
  operationAmbiguous,
  operationNotFound,
  reservedToolName,
  suspiciousText,
  unknownExampleArgument,
  unknownExampleStep,
  unknownExampleTool,
  unreachableRoute,
} from "./messages/plan.ts";
export {
  argumentCollision,
  argumentTypesDiffer,
  bodyNotAList,
  forbiddenHeader,
  invalidArgumentName,
  itemsNotFound,
  listWithoutPaging,
  mixedPaging,
  requiredLeftOut,
  unknownContentType,
  unsupportedBody,
  valueNotAllowed,
} from "./messages/plan-arguments.ts";
export {
  invalidExpression,
  invalidJmespath,
  resultNotFound,
  unknownCredential,
  unknownPagination,
  unknownParameter,
  unknownResultField,
  unknownServer,
  unsafePattern,
  unsupportedParameter,
} from "./messages/plan-parts.ts";
export { fileNameClash, foreignEnvExample, foreignFile, linkedOutput, notWritable, outOfDate } from "./messages/write.ts";
