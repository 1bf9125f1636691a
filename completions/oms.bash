# bash completion for oms and every oms-NAME: the programs themselves say what can stand at the cursor.
# shellcheck shell=bash

_oms() {
	local cur words=() i line value kind
	# bash takes "--format=js" apart at "="; put it together again
	for ((i = 0; i <= COMP_CWORD; i++)); do
		if ((i > 1)) && [[ ${COMP_WORDS[i]} == = || ${COMP_WORDS[i - 1]} == = ]] && [[ ${words[-1]} == --* ]]; then
			words[-1]+=${COMP_WORDS[i]}
		elif ((i > 1)) && [[ ${COMP_WORDS[i]} == : || ${COMP_WORDS[i - 1]} == : ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	cur=${words[-1]}
	local strip=${cur%"${cur##*[=:]}"} # readline replaces only what follows its last break
	words[0]=${words[0]##*/}
	COMPREPLY=()
	while IFS= read -r line; do
		value=${line%%$'\t'*}
		case $value in
		:file | :dir) kind=$value ;;
		*) COMPREPLY+=("${value#"$strip"}") ;;
		esac
	done < <(oms __complete "${words[@]}" 2>/dev/null)
	[[ $kind ]] && while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen "$([[ $kind == :dir ]] && echo -d || echo -f)" -- "${cur#"$strip"}")
	[[ $kind ]] && compopt -o filenames 2>/dev/null
	[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace 2>/dev/null
	return 0
}
complete -F _oms oms
while IFS= read -r _oms_name; do complete -F _oms "$_oms_name"; done < <(compgen -c oms- | sort -u)
unset _oms_name
