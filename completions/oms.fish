# fish completion for oms and every oms-NAME: the programs themselves say what can stand at the cursor.

function __oms_complete
	command -q oms; or return
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set words[1] (string replace -r '.*/' '' -- $words[1])
	set -l stem (string match -r '^--[^=]*=' -- $current)
	set -l typed (string replace -r '^--[^=]*=' '' -- $current)
	for line in (oms __complete $words "$current" 2>/dev/null)
		switch $line
			case ':file'
				__fish_complete_path $typed | string replace -r '^' -- "$stem"
			case ':dir'
				__fish_complete_directories $typed | string replace -r '^' -- "$stem"
			case '*'
				echo $line
		end
	end
end

complete -c oms -f -a '(__oms_complete)'
for dir in $PATH
	for program in $dir/oms-*
		complete -c (string replace -r '.*/' '' -- $program) -f -a '(__oms_complete)'
	end
end
