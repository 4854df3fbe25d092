/** What the package exports, by the names of the files that are published: the module of each in lib/. */
export const ENTRIES = {
  index: 'index',
  emulator: 'emulator/index',
  stores: 'stores/index',
  otel: 'integrations/otel/index',
  prometheus: 'integrations/prometheus/index',
  nestjs: 'integrations/nestjs/index',
}
