import { Option } from 'commander'
import { someText } from './option-values'

/** Where the name servers are. It must be given, by the option or by the variable. */
export function namesrvOption(): Option {
  return new Option('--namesrv <addresses>', "name servers, such as 'h1:9876;h2:9876', or the URL of an address server")
    .env('NAMESRV_ADDR')
    .argParser(someText)
    .makeOptionMandatory()
}
