// Runs a declarative Jenkinsfile, its first argument, in the folder that it is started in: the steps that the
// manual's recipe uses, each as Jenkins has it. Ends with the build's result and its artefacts on standard output.
result = 'SUCCESS'
class Failure extends Exception { Failure(String why) { super(why) } }

// Sections that only say how the build is started.
agent = { it() }
label = { assert it }
triggers = { it() }
cron = { assert it.trim().split(/\s+/).size() == 5 }
options = { it() }
disableConcurrentBuilds = { }

shell = { String command -> new ProcessBuilder('sh', '-xe', '-c', command).inheritIO().start().waitFor() }
sh = { step ->
    def status = shell(step instanceof Map ? step.script : step)
    if (step instanceof Map && step.returnStatus) return status
    if (status != 0) throw new Failure("script returned exit code ${status}")
}
unstable = { println "unstable: $it"; result = 'UNSTABLE' }
error = { throw new Failure("$it") }
stages = { body ->
    try {
        body()
    } catch (Failure failure) {
        println "failure: $failure.message"
        result = 'FAILURE'
    }
}
stage = { String name, Closure body -> body() }
steps = { it() }
script = { it() }

// At the end, whatever became of the stages.
after = []
post = { after << it }
always = { it() }
junit = { step ->
    def file = new File(step.testResults)
    assert file.exists() || step.allowEmptyResults
    if (!file.exists()) return
    def suites = new XmlSlurper().parse(file)
    def bad = suites.'**'.findAll { it.name() in ['failure', 'error'] }.size()
    println "junit: ${suites.'**'.findAll { it.name() == 'testcase' }.size()} tests, ${bad} failed"
    if (bad > 0 && result == 'SUCCESS') result = 'UNSTABLE'
}
archiveArtifacts = { step ->
    assert step.artifacts.endsWith('/**')
    def folder = new File(step.artifacts - '/**')
    def found = 0
    if (folder.exists()) folder.eachFileRecurse { found += it.isFile() ? 1 : 0 }
    assert found > 0 || step.allowEmptyArchive
    println "artefacts: ${found}"
}
pipeline = { Closure body ->
    body()
    after.each { it() }
}

new GroovyShell(binding).evaluate(new File(args[0]))
println "Finished: $result"
