/** True where the process says that it runs in production. */
export function isProduction(): boolean {
  return process.env['NODE_ENV'] === 'production'
}
