import { RocketMQError } from '../errors'

/** `MQ_INST_<account>_<instance>.<domain>`, with or without a scheme before it. */
const INSTANCE_ENDPOINT = /^(\w+:\/\/|)MQ_INST_\w+_\w+\..*$/

/** True for the endpoint of a cloud instance, whose first label is a namespace (Java `NameServerAddressUtils`). */
export function isInstanceEndpoint(endpoint: string): boolean {
  return INSTANCE_ENDPOINT.test(endpoint)
}

/** The first label of an endpoint's host. Throws INVALID_ARGUMENT where the host has only one. */
export function instanceIdOf(endpoint: string): string {
  const start = endpoint.lastIndexOf('/') + 1
  const end = endpoint.indexOf('.')
  if (end < start) {
    throw new RocketMQError(
      'INVALID_ARGUMENT',
      `endpoint ${endpoint} has no domain after its first name: write http://name.domain:port`,
    )
  }
  return endpoint.slice(start, end)
}

/** The namespace that a name server endpoint implies, or undefined for ordinary addresses. */
export function namespaceOfEndpoint(endpoint: string): string | undefined {
  return isInstanceEndpoint(endpoint) ? instanceIdOf(endpoint) : undefined
}

/** The addresses of an endpoint, without its scheme. */
export function addressesOfEndpoint(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf('/') + 1)
}
