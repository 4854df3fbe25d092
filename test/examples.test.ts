import { describeExamples } from './support/example-runs'

describeExamples('the examples, each on an emulator of its own', {})
