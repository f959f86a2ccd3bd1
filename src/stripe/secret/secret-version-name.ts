/** A name of Secret Manager's, of a secret's one version: "projects/P/secrets/S/versions/3", or "…/versions/latest". */
const pattern = /^projects\/[^/\s]{1,63}\/secrets\/[\w-]{1,255}\/versions\/[\w-]{1,63}$/;

/** True for the name of a secret's version, which stands for the secret's value. Source: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions */
export function isSecretVersionName(text: string): boolean {
  return pattern.test(text);
}
