# fish completion for oms and every oms-NAME: the programs themselves say what can stand at the cursor.

function __oms_complete
	command -q oms; or return
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set words[1] (string replace -r '.*/' '' -- $words[1])
	for line in (oms __complete $words "$current" 2>/dev/null)
		set -l part (string split \t -- $line)
		set -l typed (string sub -s (math 1 + (string length -- "$part[2]")) -- "$current")
		switch $line
			case ':file*'
				__fish_complete_path $typed | string replace -r '^' -- "$part[2]"
			case ':dir*'
				__fish_complete_directories $typed | string replace -r '^' -- "$part[2]"
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
