# Completion of kthena for fish. Load it with: kthena completion fish | source

function __kthena_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l word (commandline -ct | string unescape; or commandline -ct)
    kthena __complete $words ":$word" 2>/dev/null </dev/null
end

# Never file names of its own: where a file is wanted, kthena names them.
complete -c kthena -e
complete -c kthena -f -a '(__kthena_complete)'
