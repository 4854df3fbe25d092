import { DLQ_PREFIX, RETRY_PREFIX, isDlqTopic, isRetryTopic, isSystemGroup } from './names'
import { isSystemTopic } from './system-topics'

/** Stands between a namespace and the name of a topic or group (namespaces version 1, Java `NamespaceUtil`). */
const SEPARATOR = '%'

/**
 * The name on the wire of a topic or group of a namespace. System topics and groups, and names that have the namespace
 * already, stay as they are; an empty namespace is none.
 */
export function wrapNamespace(namespace: string, name: string): string {
  if (namespace === '' || name === '' || isSystemName(name) || hasNamespace(namespace, name)) return name
  return prefixOf(name) + namespace + SEPARATOR + withoutRetryAndDlq(name)
}

/** The name as users know it; names of other namespaces stay as they are. */
export function unwrapNamespace(namespace: string, name: string): string {
  if (namespace === '' || !withoutRetryAndDlq(name).startsWith(namespace + SEPARATOR)) return name
  return withoutAnyNamespace(name)
}

/** True where a name is one of the namespace already. */
export function hasNamespace(namespace: string, name: string): boolean {
  return namespace !== '' && !isSystemName(name) && withoutRetryAndDlq(name).startsWith(namespace + SEPARATOR)
}

/** The name without its namespace, whichever that is. */
export function withoutAnyNamespace(name: string): string {
  const namespace = namespaceOf(name)
  if (namespace === '') return name
  return prefixOf(name) + withoutRetryAndDlq(name).slice(namespace.length + SEPARATOR.length)
}

/** The namespace of a name, empty where there is none. */
export function namespaceOf(name: string): string {
  if (isSystemName(name)) return ''
  const rest = withoutRetryAndDlq(name)
  return rest.slice(0, Math.max(0, rest.indexOf(SEPARATOR)))
}

/** The name without one prefix of a retry or dead-letter topic. */
export function withoutRetryAndDlq(name: string): string {
  return name.slice(prefixOf(name).length)
}

function prefixOf(name: string): string {
  if (isRetryTopic(name)) return RETRY_PREFIX
  return isDlqTopic(name) ? DLQ_PREFIX : ''
}

function isSystemName(name: string): boolean {
  return isSystemTopic(name) || isSystemGroup(name)
}
