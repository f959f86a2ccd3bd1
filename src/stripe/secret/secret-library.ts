/** All that is used of Google's packages: the build makes one file of this module and of what it loads of 109 packages. */
export { SecretManagerServiceClient } from "@google-cloud/secret-manager";
export { googleAuthLibrary, grpc } from "google-gax";
